/** Whether a dictionary has a text for what the server names; servers of a later version may name more. */
export const hasKey = <Texts extends object>(texts: Texts, key: string): key is Extract<keyof Texts, string> =>
  Object.hasOwn(texts, key);
