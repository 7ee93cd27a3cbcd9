import { type CommandId, commandId, type PageId, type PersonId, pageId } from '@otn/kernel'

/** What our messages carry, so that an echo says which attempt of which command it proves. */
export interface MetadataFields {
  readonly pageId: PageId
  readonly commandId: CommandId
  /** From 1. */
  readonly attempt: number
}

export interface Metadata extends MetadataFields {
  /** 11 characters of base64url: 66 bits. */
  readonly mac: string
}

/** Whom the message is for: bound by the MAC, so that no other person's echo can prove it. */
export interface MetadataInput extends MetadataFields {
  readonly person: PersonId
}

/** A keyed MAC of a text in base64url, at least 11 characters; the key is the caller's. */
export type Mac = (text: string) => string

const MAC_CHARACTERS = 11
/** The Send API takes fewer than 1000. */
const METADATA_CHARACTERS_MAX = 999
/** A command id may hold dots: page id from the front, attempt and MAC from the back. */
const METADATA = /^otn1\.(\d{1,32})\.(.+)\.([1-9]\d{0,8})\.([A-Za-z0-9_-]{11})$/s
/** What a text of that form gives: no group may be absent, none is empty. */
type Groups = readonly [text: string, page: string, command: string, attempt: string, mac: string]

/**
 * Writes `otn1.<pageId>.<commandId>.<attempt>.<MAC>`; null where it would not be read back, or has
 * 1000 characters or more.
 */
export function writeMetadata(input: MetadataInput, mac: Mac): string | null {
  const text = `otn1.${input.pageId}.${input.commandId}.${input.attempt}.${macOf(input, mac)}`
  return readMetadata(text)?.commandId === input.commandId ? text : null
}

/** Reads metadata; null for what is not ours by its form. The MAC is not looked at here. */
export function readMetadata(text: string): Metadata | null {
  const match = text.length <= METADATA_CHARACTERS_MAX ? METADATA.exec(text) : null
  if (!match) return null
  const [, page, command, attempt, mac] = match as unknown as Groups
  return { pageId: pageId(page), commandId: commandId(command), attempt: Number(attempt), mac }
}

/** Whether we wrote this metadata, in a message to this person. */
export function isOurMetadata(metadata: Metadata, person: PersonId, mac: Mac): boolean {
  const ours = macOf({ ...metadata, person }, mac)
  let difference = ours.length ^ metadata.mac.length
  for (let index = 0; index < ours.length; index += 1) {
    difference |= ours.charCodeAt(index) ^ metadata.mac.charCodeAt(index)
  }
  return difference === 0
}

function macOf({ pageId, commandId, attempt, person }: MetadataInput, mac: Mac): string {
  const text = `otn1.${pageId}.${commandId}.${attempt}\n${person}`
  return mac(text).slice(0, MAC_CHARACTERS)
}
