import { createContext, useContext } from "react";
import { Outlet, useParams } from "react-router";

import type { Model, ModelDetails } from "@/api/capabilities";
import { useCapabilities, useModelDetails } from "@/api/useCapabilities";
import { Loading } from "@/app/Loading";
import { NotFound } from "@/app/NotFound";
import { ProblemView } from "@/app/ProblemView";

interface CurrentModel {
  model: Model;
  details: ModelDetails;
}

const Context = createContext<CurrentModel | null>(null);

/** The model whose pages these are. */
export function useCurrentModel(): CurrentModel {
  const found = useContext(Context);
  if (!found) throw new Error("This is no page of a model.");
  return found;
}

/** Around the pages of one model: finds out what they may offer. */
export function ModelRoute() {
  const { collection } = useParams();
  const models = useCapabilities().data?.models ?? [];
  const model = models.find((item) => item.collection === collection);
  const details = useModelDetails(model?.name);
  if (!model) return <NotFound what="list" />;
  if (details.isPending) return <Loading />;
  if (details.isError) {
    return (
      <div className="page">
        <ProblemView error={details.error} retry={() => void details.refetch()} />
      </div>
    );
  }
  return (
    // Another model is another page: nothing of the state of this one goes there.
    <Context value={{ model, details: details.data }} key={model.name}>
      <Outlet />
    </Context>
  );
}
