/** One number of a Prometheus text. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const TIMEOUT_MS = 5_000
const LINE = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (\S+)/i
const LABEL = /([a-z_][a-z0-9_]*)="((?:[^"\\]|\\.)*)"/gi

/** What a service counts, as `/metrics` says it. @throws where it is answered otherwise than 200 */
export async function readMetrics(url: string, fetchIt: typeof fetch): Promise<readonly Sample[]> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetchIt(new URL('/metrics', url), { signal })
  if (!response.ok) throw new Error(`/metrics was answered ${response.status}`)
  return samplesOf(await response.text())
}

/** Comments and what is none of its lines are left out. */
export function samplesOf(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? []
    if (name === undefined || value === undefined) return []
    const pairs = [...labels.matchAll(LABEL)].map(([, label = '', said = '']) => [label, said])
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }]
  })
}
