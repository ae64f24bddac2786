/** A VPC that was looked up, as the CDK command line stores it in `cdk.context.json`. */

export const lookedUp = { vpc: 'vpc-3e2318d4d1b121551', account: '123456789012', region: 'eu-central-1' }

/** Context with the VPC, which has these private subnets with a way out. */
export function contextOf(privateSubnets: readonly (readonly [zone: string, subnet: string])[]) {
  const { vpc, account, region } = lookedUp
  const name = `vpc-provider:account=${account}:filter.vpc-id=${vpc}:region=${region}:returnAsymmetricSubnets=true`
  const group = (kind: string, subnets: typeof privateSubnets) => ({
    name: kind,
    type: kind,
    subnets: subnets.map(([zone, subnetId], at) => ({
      subnetId,
      cidr: `10.7.${at}.0/24`,
      availabilityZone: `${region}${zone}`,
      routeTableId: 'rtb-b2cd400d77b10634c',
    })),
  })
  const others = (digit: string) => ['a', 'b', 'c'].map((zone) => [zone, `subnet-${digit.repeat(16)}${zone}`] as const)
  return {
    [name]: {
      vpcId: vpc,
      vpcCidrBlock: '10.7.0.0/16',
      ownerAccountId: account,
      availabilityZones: [],
      subnetGroups: [group('Public', others('d')), group('Private', privateSubnets), group('Isolated', others('e'))],
    },
  }
}
