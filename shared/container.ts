/** What the image of the responder, its task on AWS and the tests of both agree on. */
export const container = {
  /** Not 53: below 1024 a port needs a privilege, and the user has none. The load balancer listens on 53. */
  dnsPort: 1053,
  healthPort: 8080,
  /** `node` of the official image, as number, so that a platform can see that it is not root. */
  user: '1000',
  /** Where the bundles are in the image. */
  folder: '/app',
  entry: 'responder.mjs',
  healthCheck: 'health-check.mjs',
} as const

/** Environment variables that configure the container, beside those that name the tables and AWS's own. */
export const containerVariables = {
  dns: 'DNS_LISTEN',
  tls: 'TLS_LISTEN',
  https: 'HTTPS_LISTEN',
  certificate: 'TLS_CERTIFICATE',
  key: 'TLS_KEY',
  health: 'HEALTH_LISTEN',
  workers: 'WORKERS',
  lameduck: 'LAMEDUCK_SECONDS',
  poll: 'POLL_SECONDS',
  metrics: 'METRICS_SECONDS',
  cookies: 'COOKIE_SECRETS',
  config: 'CONFIG',
  configFile: 'CONFIG_FILE',
} as const
