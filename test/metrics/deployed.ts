/** Deployments to draw a dashboard and raise alarms of. */
import type { Deployed } from '../../shared/metrics/deployed.ts'

const zones = ['a.example.org.', 'b.example.org.']

/** Everything there is, on AWS. */
export const everything: Deployed = {
  platform: 'aws',
  region: 'eu-central-1',
  zones,
  functions: {
    authorizer: 'Authorizer',
    dynapi: 'Dynapi',
    'function-names': 'FunctionNames',
    gateway: 'Gateway',
    leases: 'Leases',
    mirror: 'Mirror',
    'mirror-api': 'MirrorApi',
    'mirror-feed': 'MirrorFeed',
    probe: 'Probe',
    'probe-lookup': 'ProbeLookup',
    registrations: 'Registrations',
    sequencer: 'Sequencer',
    zones: 'Zones',
  },
  megabytes: { dynapi: 512, sequencer: 512, mirror: 1024 },
  queues: { leases: 'LeasesGivenUp', sequencer: 'NamesFeedGivenUp', 'mirror-feed': 'ChangelogFeedGivenUp' },
  tables: {
    names: 'Names',
    zones: 'Zones',
    changelog: 'Changelog',
    mirror: 'Mirror',
    registrations: 'Registrations',
    access: 'Access',
  },
  apis: { iam: 'iam0123456', tokens: 'tok0123456' },
  responder: {
    queriesPerTask: 5000,
    aws: {
      balancer: 'net/Nlb/0123456789abcdef',
      targetGroup: 'targetgroup/Tasks/0123456789abcdef',
      zones: ['eu-central-1a', 'eu-central-1b'],
      cluster: 'Cluster',
      service: 'Service',
      logGroup: 'ResponderLogs',
      dollarsAMonth: 7.2,
    },
  },
}

/** Names alone: nothing is mirrored, there is no responder. */
export const least: Deployed = {
  platform: 'aws',
  region: 'eu-central-1',
  zones: [],
  functions: { dynapi: 'Dynapi', mirror: 'Mirror', 'mirror-api': 'MirrorApi', sequencer: 'Sequencer', zones: 'Zones' },
  megabytes: { dynapi: 512 },
  queues: { sequencer: 'NamesFeedGivenUp' },
  tables: { names: 'Names' },
  apis: { iam: 'iam0123456' },
}

/** On one machine. */
export const local: Deployed = {
  platform: 'local',
  region: 'local',
  zones,
  functions: everything.functions,
  queues: everything.queues,
  tables: everything.tables,
  apis: { iam: 'local' },
  responder: { queriesPerTask: 5000 },
}

/** As many mirrored zones as the settings take, with long names. */
export const largest: Deployed = {
  ...everything,
  zones: Array.from({ length: 60 }, (_, i) => `zone-${i}.${'a'.repeat(60)}.${'b'.repeat(60)}.example.org.`),
}
