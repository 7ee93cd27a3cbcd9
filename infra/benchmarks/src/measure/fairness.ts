/** Jain's index of fairness: 1 = all have the same, 1/n = one has all. */
export function fairness(counts: readonly number[]): number {
  const sum = counts.reduce((all, count) => all + count, 0)
  const squares = counts.reduce((all, count) => all + count ** 2, 0)
  return sum === 0 ? 0 : sum ** 2 / (counts.length * squares)
}
