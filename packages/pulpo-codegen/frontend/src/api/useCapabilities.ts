import { useQuery } from "@tanstack/react-query";

import { readCapabilities, readModelDetails, readOperationDetails, type Model } from "./capabilities";

/** Everything that whoever is logged in may do. */
export const useCapabilities = () => useQuery(readCapabilities);

/** What lists and forms of a model offer. */
export const useModelDetails = (name: string | undefined) =>
  useQuery({ ...readModelDetails(name ?? ""), enabled: name !== undefined });

/** What an operation takes and returns. */
export const useOperationDetails = (name: string) => useQuery(readOperationDetails(name));

/** The model of this name, if it may be read. */
export function useModel(name: string | null | undefined): Model | undefined {
  return useCapabilities().data?.models.find((model) => model.name === name);
}
