/** Prints the simulator's pages in the shape of OTN_PAGES_FILE. */
const url = process.env.SIMULATOR_URL
const { pages } = await (await fetch(`${url}/_sim/pages`)).json()
const topicRules = [{ ruleId: 'identity', kind: 'identity', priority: 100 }]
const entries = pages.map((page) => ({
  ...page,
  appId: process.env.META_APP_ID,
  topics: [{ topic: 'restock-1234' }],
  topicRules,
}))
console.log(JSON.stringify(entries, null, 2))
