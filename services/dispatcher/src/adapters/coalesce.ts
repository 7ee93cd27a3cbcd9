/**
 * Lets callers share calls: while one is under way the next callers wait, then go together. An
 * answer is therefore never older than its question.
 * @param run answers questions in their order; its error is everybody's
 */
export function coalesce<Question, Answer>(
  run: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  { sizeMax, callsMax }: { readonly sizeMax: number; readonly callsMax: number },
): (question: Question) => Promise<Answer> {
  interface Waiting {
    readonly question: Question
    readonly settle: PromiseWithResolvers<Answer>
  }
  const waiting: Waiting[] = []
  let calls = 0
  const next = (): void => {
    if (calls >= callsMax || waiting.length === 0) return
    const batch = waiting.splice(0, sizeMax)
    calls += 1
    void answer(batch).finally(() => {
      calls -= 1
      next()
    })
  }
  const answer = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const answers = await run(batch.map(({ question }) => question))
      for (const [index, { settle }] of batch.entries()) {
        const own = answers[index]
        if (own === undefined) settle.reject(new Error('fewer answers than questions'))
        else settle.resolve(own)
      }
    } catch (error) {
      for (const { settle } of batch) settle.reject(error)
    }
  }
  return (question) => {
    const settle = Promise.withResolvers<Answer>()
    waiting.push({ question, settle })
    // Whoever asks in the same turn goes along.
    queueMicrotask(next)
    return settle.promise
  }
}
