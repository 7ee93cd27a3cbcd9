/**
 * A text that a terminal shows as it is: control characters, which could move the cursor or forge
 * lines, are written as escapes. What stands on the log was written by others.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u{${code.toString(16)}}`
  })
}
