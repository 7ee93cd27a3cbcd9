export const routes = ['TOKEN', 'WINDOW', 'TAG', 'AUTO'] as const

/** What a command asks for. */
export type Route = (typeof routes)[number]

/** How a message goes out: by token; by psid in the open window; by psid with a message tag. */
export type TakenRoute = Exclude<Route, 'AUTO'>

/** Words of no route stand for none, and so for TOKEN: such a command goes out by no way. */
export function routeAsked(word: string | null | undefined): Route {
  return routes.find((route) => route === word) ?? 'TOKEN'
}
