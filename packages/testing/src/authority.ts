import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** An authority of one test, and what it signed for this machine's loopback address. */
export interface Authority {
  /** PEM file of the authority: what clients trust. */
  readonly caFile: string
  /** PEM, and its key in PKCS #8. */
  readonly certificate: string
  readonly key: string
  /** PEM file of both, certificate first. */
  readonly certificateFile: string
}

const CONFIG = `[req]
distinguished_name = name
prompt = no
[name]
CN = otn-test
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = IP:127.0.0.1, DNS:localhost
`
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
/** Longer than any test, short enough to be of no use to anybody. */
const DAYS = '2'

/**
 * Makes an authority and a certificate in a folder; the keys go with it.
 * @throws a plain Error where there is no openssl of version 3 on PATH
 */
export async function makeAuthority(folder: string): Promise<Authority> {
  const at = (name: string) => join(folder, name)
  const [config, caFile, caKey] = [at('openssl.cnf'), at('ca.pem'), at('ca.key')]
  const [certificateFile, crt, key] = [at('server.pem'), at('server.crt'), at('server.key')]
  await writeFile(config, CONFIG)
  const made = ['-config', config, '-days', DAYS, ...NEW_KEY]
  await openssl([...made, '-extensions', 'authority', '-keyout', caKey, '-out', caFile])
  const signed = [...made, '-CA', caFile, '-CAkey', caKey, '-subj', '/CN=127.0.0.1']
  await openssl([...signed, '-extensions', 'server', '-keyout', key, '-out', crt])
  const read = { certificate: await readFile(crt, 'utf8'), key: await readFile(key, 'utf8') }
  await writeFile(certificateFile, read.certificate + read.key, { mode: 0o600 })
  return { caFile, ...read, certificateFile }
}

async function openssl(args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)('openssl', ['req', '-x509', ...args])
  } catch (cause) {
    throw new Error('no certificate could be made: openssl 3 on PATH is wanted', { cause })
  }
}
