import { lazy, type ComponentType } from "react";

/** A part that antd draws: loaded, with the theme around it, when it is first shown. */
export function withAntd<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => {
    const [{ Themed }, Part] = await Promise.all([import("./Themed"), load()]);
    return {
      default: (props: Props) => (
        <Themed>
          <Part {...props} />
        </Themed>
      ),
    };
  });
}
