import PlusOutlined from "@ant-design/icons-svg/es/asn/PlusOutlined";

import type { Capabilities } from "@/api/capabilities";
import { menuOf } from "@/app/menu";
import { paths } from "@/app/paths";
import { ButtonLink } from "@/controls/Button";
import { iconNamed } from "@/controls/icons";
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
        <ButtonLink key={model.name} to={paths.create(model.collection)} icon={PlusOutlined}>
          New {modelLabel(model).toLowerCase()}
        </ButtonLink>
      ))}
      {others.map(({ key, path, label, icon }) => (
        <ButtonLink key={key} to={path} icon={iconNamed(icon)}>{label}</ButtonLink>
      ))}
    </nav>
  );
}
