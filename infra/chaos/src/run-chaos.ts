/**
 * `pnpm chaos [--long] [--minutes N] [--only a,b] [--seed N] [--json] [--keep]`: real engines
 * and real processes under faults; one table, one line, exit code 1 where anything is wrong.
 */
import { parseChaosArguments } from './drill/arguments.ts'
import { runDrill } from './drill/run-drill.ts'

process.exitCode = await runDrill(parseChaosArguments(process.argv.slice(2)))
