/**
 * `pnpm chaos:campaign [--tokens N] [--kill-every S] [--seed N]`: a campaign on each of three
 * pages, two dispatchers of which one is killed -9 again and again, two pauses. One table; exit
 * code 1 where anybody got two messages or none, or a pause was not kept.
 */
import { parseCampaignArguments } from './campaign/arguments.ts'
import { runCampaignDrill } from './campaign/run-campaign-drill.ts'

process.exitCode = await runCampaignDrill(parseCampaignArguments(process.argv.slice(2)))
