import { DeleteOutlined, EditOutlined, EyeOutlined, MoreOutlined } from "@ant-design/icons";
import { Button, Dropdown, type MenuProps } from "antd";
import { Link } from "react-router";

import type { Model } from "@/api/capabilities";
import type { Values } from "@/api/documents";
import { paths } from "@/app/paths";

import { titleOf } from "../references";
import { useDelete } from "../useDelete";

/** What can be done with the document of a row. */
export function RowMenu({ model, values }: { model: Model; values: Values }) {
  const id = String(values.id);
  const title = titleOf(model, values);
  const remove = useDelete(model);
  const items: MenuProps["items"] = [
    {
      key: "show",
      icon: <EyeOutlined />,
      label: <Link to={paths.show(model.collection, id)}>Show</Link>,
    },
  ];
  if (model.can_write) {
    items.push(
      {
        key: "edit",
        icon: <EditOutlined />,
        label: <Link to={paths.edit(model.collection, id)}>Edit</Link>,
      },
      { type: "divider" },
      {
        key: "delete",
        icon: <DeleteOutlined />,
        danger: true,
        label: "Delete",
        onClick: () => remove({ id, title }),
      },
    );
  }
  return (
    <Dropdown menu={{ items }} trigger={["click"]} placement="bottomRight">
      <Button type="text" size="small" icon={<MoreOutlined />} aria-label={`Actions for ${title}`} />
    </Dropdown>
  );
}
