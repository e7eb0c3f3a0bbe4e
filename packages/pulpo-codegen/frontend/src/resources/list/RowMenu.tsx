import { DeleteOutlined, EditOutlined, EyeOutlined, MoreOutlined } from "@ant-design/icons";
import type { MenuProps } from "antd";
import { Link } from "react-router";

import type { Model } from "@/api/capabilities";
import type { Values } from "@/api/documents";
import { MenuButton } from "@/app/MenuButton";
import { paths } from "@/app/paths";

import { titleOf } from "../references";
import { useDelete } from "../useDelete";

/** What can be done with the document of a row. */
export function RowMenu({ model, values }: { model: Model; values: Values }) {
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
  return (
    <MenuButton menu={menu} placement="bottomRight">
      <button type="button" className="row-menu" aria-label={`Actions for ${title}`}>
        <MoreOutlined />
      </button>
    </MenuButton>
  );
}
