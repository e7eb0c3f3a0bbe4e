import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Link, useNavigate, useParams } from "react-router";

import { useDocument } from "@/api/useDocuments";
import { Problem } from "@/api/problem";
import { Loading } from "@/app/Loading";
import { NotFound } from "@/app/NotFound";
import { Page } from "@/app/Page";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { modelLabel } from "@/schema/labels";

import { columnsOf } from "../columns";
import { Crumbs } from "../Crumbs";
import { FieldValue } from "../FieldValue";
import { useCurrentModel } from "../ModelRoute";
import { titleOf } from "../references";
import { useDelete } from "../useDelete";
import { Related } from "./Related";

/** Everything about one document, and what refers to it. */
export function ShowPage() {
  const { model, details } = useCurrentModel();
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const remove = useDelete(model);
  const document = useDocument(model, id);
  if (document.isPending) return <Loading />;
  if (document.isError) {
    const isGone = document.error instanceof Problem && [404, 422].includes(document.error.status);
    if (isGone) return <NotFound what={modelLabel(model).toLowerCase()} />;
    return (
      <div className="page">
        <ProblemView error={document.error} retry={() => void document.refetch()} />
      </div>
    );
  }
  const { values, etag } = document.data;
  const title = titleOf(model, values);
  const gone = () => void navigate(paths.list(model.collection), { replace: true });
  return (
    <Page
      title={title}
      above={<Crumbs model={model} />}
      actions={
        model.can_write && (
          <>
            <Link to={paths.edit(model.collection, id)}>
              <Button type="primary" icon={<EditOutlined />} tabIndex={-1}>Edit</Button>
            </Link>
            <Button danger icon={<DeleteOutlined />} onClick={() => remove({ id, title, etag, then: gone })}>
              Delete
            </Button>
          </>
        )
      }
    >
      <section className="panel panel-body" aria-label={modelLabel(model)}>
        <dl className="fields">
          {columnsOf(model, details).map((column) => (
            <Field key={column.name} label={column.label}>
              <FieldValue {...{ model, details, column, values }} place="show" />
            </Field>
          ))}
        </dl>
      </section>
      <Related model={model} details={details} id={id} />
    </Page>
  );
}

function Field({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}
