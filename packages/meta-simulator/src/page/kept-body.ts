/** A body as far as it is kept: a thousand large ones must not fill the memory. */
export interface KeptBody {
  readonly text: string
  /** Of the whole body. */
  readonly bytes: number
}

const BYTES_MAX = 64 * 1024

export function keepBody(body: Buffer): KeptBody {
  return { text: body.toString('utf8', 0, BYTES_MAX), bytes: body.length }
}

/** The same of a body that was read already. */
export function keepText(text: string): KeptBody {
  const bytes = Buffer.byteLength(text)
  return bytes > BYTES_MAX ? keepBody(Buffer.from(text)) : { text, bytes }
}
