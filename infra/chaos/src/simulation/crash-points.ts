/**
 * The crash points K0 to K23 of the spend protocol, each with how this simulation makes it: faults
 * at a call of C0 to C5, or a scene.
 */
import type { Scene } from './scenes.ts'
import type { ScriptedFault } from './script.ts'
import type { Mishap, Row } from './singles.ts'

type CrashPoint = { readonly id: string } & (
  | { readonly call: RegExp; readonly faults: readonly ScriptedFault[] }
  | { readonly scene: Scene['name'] }
)

const TELLS = /^log\.append (Notification|OptInRequest)(Sent|Failed|Scheduled|InDoubt)$/
const INTENDS = /^log\.append (Notification|OptInRequest)Attempted$/
const MOVES = /^cursor\.move otn\.(notify|optin-request\.commands)/

export const crashPointTable: readonly CrashPoint[] = [
  { id: 'K0', call: /^store\.write claim$/, faults: ['refused', 'crash-before'] },
  { id: 'K1', call: /^store\.write claim$/, faults: ['lost', 'crash-after'] },
  { id: 'K2', call: INTENDS, faults: ['crash-before'] },
  { id: 'K3', call: INTENDS, faults: ['lost', 'late'] },
  { id: 'K4', call: /^store\.gate$/, faults: ['crash-before', 'crash-after'] },
  { id: 'K5', call: /^graph\.connect$/, faults: ['refused'] },
  { id: 'K6', call: /^graph\.send$/, faults: ['refused'] },
  { id: 'K7', call: /^graph\.send$/, faults: ['crash-before'] },
  { id: 'K8', call: /^graph\.send$/, faults: ['late'] },
  { id: 'K9', call: /^graph\.send$/, faults: ['crash-after'] },
  { id: 'K10', call: TELLS, faults: ['lost', 'crash-before', 'crash-after'] },
  { id: 'K11', call: /^store\.write told$/, faults: ['crash-before'] },
  { id: 'K12', call: /^store\.write told$/, faults: ['lost', 'crash-after'] },
  { id: 'K13', call: MOVES, faults: ['crash-before'] },
  { id: 'K14', call: MOVES, faults: ['lost', 'refused'] },
  { id: 'K15a', call: /^store\.write claim$/, faults: ['freeze-before', 'freeze-after'] },
  { id: 'K15b', call: /^graph\.send$/, faults: ['freeze-before'] },
  { id: 'K16', call: /^store\.write claim$/, faults: ['step-down'] },
  { id: 'K17', scene: 'log-loss' },
  { id: 'K18', call: /^store\.write claim$/, faults: ['jump-on', 'jump-back'] },
  { id: 'K19', scene: 'poison' },
  { id: 'K20', call: INTENDS, faults: ['refused'] },
  { id: 'K21', scene: 'expiring' },
  { id: 'K22', scene: 'rival' },
  { id: 'K23', scene: 'repeated' },
]

export function isAt(point: CrashPoint, mishap: Mishap): boolean {
  if ('scene' in point) return 'scene' in mishap && mishap.scene.name === point.scene
  return 'call' in mishap && point.call.test(mishap.call) && point.faults.includes(mishap.fault)
}

/** Only what makes one of the points: two of these in one life are a pair of crash points. */
export function atCrashPoints(rows: readonly Row[]): readonly Row[] {
  return rows.map((row) => {
    const mishaps = row.mishaps.filter((mishap) =>
      crashPointTable.some((point) => isAt(point, mishap)),
    )
    return { ...row, mishaps }
  })
}
