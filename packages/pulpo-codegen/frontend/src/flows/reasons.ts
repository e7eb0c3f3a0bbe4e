const WORDS: Record<string, (model: string) => string> = {
  creates: (model) => `it makes ${model}`,
  "declared-first": (model) => `both use ${model}, and it stands first in the code`,
  after: () => "by `after`",
  stage: () => "an earlier stage",
  bind: () => "it gives an input",
  subflow: () => "the part before runs as a whole",
};

/** Why one step runs before another, in words: "creates Order" is "it makes Order". */
export function reasonText(reason: string): string {
  const [rule = "", ...model] = reason.split(" ");
  return WORDS[rule]?.(model.join(" ")) ?? reason;
}
