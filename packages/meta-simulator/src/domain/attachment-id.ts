/** Digits, as attachments have; drawn from the id that this call would have given a message. */
export function attachmentIdOf(messageId: string): string {
  let number = 0n
  for (const character of messageId) {
    number = (number * 131n + BigInt(character.charCodeAt(0))) % 9_000_000_000_000_000n
  }
  return String(1_000_000_000_000_000n + number)
}
