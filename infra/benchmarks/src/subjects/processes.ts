/** The processes of a benchmark: started one after the other, ended in the other order. */
import { join } from 'node:path'
import { startWorker, type Worker } from '../measure/worker.ts'

const SERVERS = join(import.meta.dirname, '../servers')

/** kafkajs 2.2.4 sets timers into the past, of which Node complains. */
const FLAGS = ['--disable-warning=TimeoutNegativeWarning']

/** Starts one of `src/servers`. */
export function startServer(name: string): Promise<Worker> {
  return startWorker(join(SERVERS, `${name}.ts`), { flags: FLAGS })
}

/** Starts one and asks it to open. @returns what it says to that, mostly its address */
export async function openServer<Question extends { readonly kind: 'open' }>(
  processes: AsyncDisposableStack,
  name: string,
  question: Question,
): Promise<{ readonly worker: Worker; readonly value: unknown }> {
  const worker = processes.use(await startServer(name))
  const { value } = await worker.ask(question)
  return { worker, value }
}
