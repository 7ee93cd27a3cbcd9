/** Values that no text of ours holds by chance, and the search for them in whatever came out. */

/** Ids are digits where the platform's are; the rest says what it is. */
export const PLANTED = {
  // Of the deployment.
  appSecret: 'plantedappsecret0123456789',
  verifyToken: 'planted-verify-token',
  pepper: 'planted-pepper-of-persons',
  masterKey: Buffer.from('planted master key of 32 bytes !').toString('base64'),
  apiKey: 'planted-api-key',
  kafkaPassword: 'planted-kafka-password',
  registryPassword: 'planted-registry-password',
  // Of people.
  psid: '771234509876543',
  otherPsid: '771234509876599',
  token: '4409876543210987',
  context: 'planted-context-77',
  payload: 'planted payload of a button',
  personsText: 'planted text of a person',
  title: 'planted title of a button',
  ref: 'planted-ref-of-a-link',
  userRef: 'planted-user-ref',
  authorizationCode: 'planted-authorization-code',
  fileUrl: 'https://cdn.example/planted-file.jpg',
  unknownMember: 'planted value of an unknown member',
  brokenBody: 'planted words of a broken body',
  forgedBody: 'planted words of a forged body',
  // Of callers.
  text: 'planted words of a notification',
  externalUserId: 'planted-customer-number',
  strangeField: 'planted value of a strange field',
  brokenJson: 'planted words of broken json',
  wrongKey: 'planted-wrong-key',
  login: 'EAAplantedlogintoken',
  guessedToken: 'planted-guess-of-a-verify-token',
  header: 'planted-header',
  query: 'planted-query',
  path: 'planted-path',
  // Of records that nobody of ours wrote.
  brokenRecord: 'planted bytes of a broken record',
  recordHeader: 'planted-header-of-a-record',
} as const

export type Plant = keyof typeof PLANTED

/** The whole of it, in the forms in which it may come out. */
const forms = Object.entries(PLANTED).map(([name, value]) => ({
  name: name as Plant,
  texts: [value, encodeURIComponent(value), ...insideBase64(value), hex(value)],
}))

/** Which of them stand in a text or in bytes, in clear or as anybody could read them. */
export function plantsIn(where: string | Buffer): readonly Plant[] {
  const texts = typeof where === 'string' ? [where] : [where.toString('latin1')]
  const has = (wanted: string) => texts.some((text) => text.includes(wanted))
  return forms.flatMap(({ name, texts: wanted }) => (wanted.some(has) ? [name] : []))
}

/** What stays the same of base64, whatever stands before and behind. */
function insideBase64(value: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64')
    return whole.slice(before === 0 ? 0 : 4)
  })
}

function hex(value: string): string {
  return Buffer.from(value).toString('hex')
}
