import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Link } from "react-router";

import type { Capabilities } from "@/api/capabilities";
import { iconOf } from "@/app/icons";
import { menuOf } from "@/app/menu";
import { paths } from "@/app/paths";
import { modelLabel } from "@/schema/labels";

const MOST_NEW = 3;

/** The ways that are taken most: to something new, and to what is not about one model. */
export function QuickLinks({ capabilities }: { capabilities: Capabilities }) {
  const entries = menuOf(capabilities).flatMap((group) => group.entries);
  const ofModels = entries.flatMap((entry) => {
    const model = capabilities.models.find((one) => one.collection === entry.key);
    return model?.can_write ? [model] : [];
  });
  const others = entries.filter(
    ({ key }) => key !== "home" && !capabilities.models.some((model) => model.collection === key),
  );
  return (
    <nav aria-label="Quick links" className="home-links">
      {ofModels.slice(0, MOST_NEW).map((model) => (
        <Link key={model.name} to={paths.create(model.collection)}>
          <Button icon={<PlusOutlined />} tabIndex={-1}>New {modelLabel(model).toLowerCase()}</Button>
        </Link>
      ))}
      {others.map(({ key, path, label, icon }) => (
        <Link key={key} to={path}>
          <Button icon={iconOf(icon)} tabIndex={-1}>{label}</Button>
        </Link>
      ))}
    </nav>
  );
}
