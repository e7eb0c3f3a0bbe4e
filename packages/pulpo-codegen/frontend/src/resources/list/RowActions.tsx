import { DeleteOutlined, EditOutlined, EyeOutlined } from "@ant-design/icons";
import type { MenuProps } from "antd";
import type { ReactElement } from "react";
import { Link } from "react-router";

import type { Model } from "@/api/capabilities";
import type { Values } from "@/api/documents";
import { paths } from "@/app/paths";
import { OpenMenu } from "@/controls/OpenMenu";

import { titleOf } from "../references";
import { useDelete } from "../useDelete";

export interface RowActionsProps {
  model: Model;
  values: Values;
  /** The button that the menu opens at. */
  children: ReactElement;
}

/** The menu of a row: what whoever asks may do with its document. */
export function RowActions({ model, values, children }: RowActionsProps) {
  const id = String(values.id);
  const title = titleOf(model, values);
  const remove = useDelete(model);
  const menu = (): MenuProps => {
    const show = <Link to={paths.show(model.collection, id)}>Show</Link>;
    if (!model.can_write) return { items: [{ key: "show", icon: <EyeOutlined />, label: show }] };
    const edit = <Link to={paths.edit(model.collection, id)}>Edit</Link>;
    const onClick = () => void remove({ id, title });
    return {
      items: [
        { key: "show", icon: <EyeOutlined />, label: show },
        { key: "edit", icon: <EditOutlined />, label: edit },
        { type: "divider" },
        { key: "delete", icon: <DeleteOutlined />, danger: true, label: "Delete", onClick },
      ],
    };
  };
  return <OpenMenu menu={menu} placement="bottomRight">{children}</OpenMenu>;
}
