/** What the parts of the benchmark are told. */
export interface HotOptions {
  /** A folder for all that is written. */
  readonly folder: string
  /** Names where there are to be many. */
  readonly names: number
  /** Names in DynamoDB Local, which takes them slowly. */
  readonly items: number
  /** How long each load lasts. */
  readonly seconds: number
  /** Whether a table of 10,000,000 names is made, too. */
  readonly tenMillion: boolean
}

export const SERVER_CPU = 0
export const CLIENT_CPU = 1
export const CLIENTS = 20
