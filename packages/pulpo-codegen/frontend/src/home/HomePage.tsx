import { useCapabilities } from "@/api/useCapabilities";
import { uiConfig } from "@/api/config";
import { Loading } from "@/app/Loading";
import { modelsOf } from "@/app/menu";
import { Page } from "@/app/Page";

import { Attention } from "./Attention";
import { ModelCard } from "./ModelCard";
import { QuickLinks } from "./QuickLinks";
import { RecentChanges } from "./RecentChanges";

import "./home.css";

/** Where everything begins: what has failed, what there is, and what happened last. */
export function HomePage() {
  const capabilities = useCapabilities().data;
  if (!capabilities) return <Loading />;
  const models = modelsOf(capabilities);
  return (
    <Page title={uiConfig().title} actions={<QuickLinks capabilities={capabilities} />}>
      <div className="home">
        <Attention />
        <div className="cards">
          {models.map((model) => (
            <ModelCard key={model.name} model={model} />
          ))}
        </div>
        {models.length > 0 && <RecentChanges models={models} />}
      </div>
    </Page>
  );
}
