import { credentials } from "@/api/credentials";
import { queries } from "@/api/queries";

/** Forget who somebody is, and what they were shown. */
export function logOut(): void {
  credentials.clear();
  queries.clear();
}
