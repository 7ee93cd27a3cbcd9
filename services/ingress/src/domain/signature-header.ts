/** What a request claims about its body, read without looking at the body. */
export interface SignatureClaim {
  readonly algorithm: 'sha256' | 'sha1'
  /** Lower-case hex of the right length; null where the header is absent or misshapen. */
  readonly hex: string | null
}

export interface SignatureHeaders {
  readonly 'x-hub-signature-256'?: string | undefined
  readonly 'x-hub-signature'?: string | undefined
}

/** As the platform writes them. Other spellings of the same digest are refused, not understood. */
const SHA256 = /^sha256=([0-9a-f]{64})$/
const SHA1 = /^sha1=([0-9a-f]{40})$/

/**
 * `X-Hub-Signature-256` decides whenever it is there; SHA-1 counts only where the other is absent.
 * A header that came twice arrives joined by a comma and so fits neither form.
 */
export function readSignature(headers: SignatureHeaders): SignatureClaim {
  const [strong, weak] = [headers['x-hub-signature-256'], headers['x-hub-signature']]
  if (strong === undefined && weak !== undefined) {
    return { algorithm: 'sha1', hex: SHA1.exec(weak)?.[1] ?? null }
  }
  return { algorithm: 'sha256', hex: SHA256.exec(strong ?? '')?.[1] ?? null }
}
