import { useParams } from "react-router";

import { Problem } from "@/api/problem";
import { useDocument } from "@/api/useDocuments";
import { NotFound } from "@/app/NotFound";
import { Page } from "@/app/Page";
import { ProblemView } from "@/app/ProblemView";
import { Skeleton } from "@/controls/Skeleton";
import { modelLabel } from "@/schema/labels";

import { Crumbs } from "../Crumbs";
import { useCurrentModel } from "../ModelRoute";
import { titleOf } from "../references";
import { EditForm } from "./EditForm";

/** A document that exists, to be changed. */
export function EditPage() {
  const { model, details } = useCurrentModel();
  const { id = "" } = useParams();
  const document = useDocument(model, id, { fresh: true });
  const label = modelLabel(model).toLowerCase();
  if (!model.can_write) return <NotFound />;
  if (document.isError) {
    const isGone = document.error instanceof Problem && [404, 422].includes(document.error.status);
    return isGone ? (
      <NotFound what={label} />
    ) : (
      <div className="page"><ProblemView error={document.error} retry={() => void document.refetch()} /></div>
    );
  }
  // What was read before may be old: a form begins with what is there now.
  const stored = document.isFetching && !document.isFetchedAfterMount ? undefined : document.data;
  const title = stored ? titleOf(model, stored.values) : "…";
  return (
    <Page title={`Edit ${title}`} above={<Crumbs model={model} document={{ id, title }} />} narrow>
      <div className="panel panel-body">
        {stored ? (
          <EditForm key={id} model={model} details={details} id={id} stored={stored} />
        ) : (
          <Skeleton />
        )}
      </div>
    </Page>
  );
}
