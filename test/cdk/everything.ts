/** Settings by which everything is there that can be, but for the zones. */
export const everything = {
  auth: 'iam+tokens',
  responder: true,
  resolver: 'vpc-0abc1234',
  certificate: 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666',
  functions: true,
  alarms: 'operator@example.org',
} as const
