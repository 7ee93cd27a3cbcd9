/** A JSON number of any length, written with exactly these digits. */
export function wireNumber(digits: string): unknown {
  return rawJson(digits)
}

/** Newer than the language level that the type checker is set to. */
const rawJson = (JSON as typeof JSON & { readonly rawJSON: (text: string) => unknown }).rawJSON
