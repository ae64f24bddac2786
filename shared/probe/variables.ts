/** Environment variables of the probe. */
export const probeVariables = {
  /** URL of dynapi. */
  api: 'PROBE_API',
  /** The zone in which it registers its name. */
  zone: 'PROBE_ZONE',
  /** Name of the function that asks the responder; without it, and the next, the responder is not asked. */
  lookup: 'PROBE_LOOKUP_FUNCTION',
  /** The DNS servers that are to answer, a JSON array of `{"host", "port"}`. */
  servers: 'PROBE_SERVERS',
  /** Id of the hosted zone that mirrors the zone; without it Route 53 is not asked. */
  hostedZone: 'PROBE_HOSTED_ZONE',
} as const
