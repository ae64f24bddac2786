import { own } from './series.ts'

/**
 * The alarm on the share of NXDOMAIN, on AWS only. What is usual differs from one deployment to the next (search lists of
 * clients alone make half of the answers NXDOMAIN), so CloudWatch learns it, and tells of what is far above.
 */
export const nxDomainShare = {
  id: 'NxDomainShare',
  parts: {
    nxdomain: own('responder', 'NxDomain', 'Sum', 'NXDOMAIN'),
    queries: own('responder', 'Queries', 'Sum', 'questions'),
  },
  /** Percent, of the parts. */
  expression: 'IF(queries>1000, 100*nxdomain/queries)', // of few questions a single one is too large a share
  /** Standard deviations from what is expected that are still usual. */
  band: 3,
  periodSeconds: 300,
  periods: 3,
  of: 3,
  runbook:
    'Far more of the answers than usual are NXDOMAIN, for a quarter of an hour: clients ask for names that are not registered, or no longer. See whether records were withdrawn (chart of requests by outcome), whether a zone was taken off the settings, and what was deployed on the side of the clients: a name that is spelt wrong, a search list. CloudWatch learns what is usual for two weeks; until then the alarm may be wrong.',
} as const
