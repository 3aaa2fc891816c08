import { BlockList, isIPv6 } from 'node:net'

/**
 * Where the server downloads nothing from: itself, private and link-local networks, the metadata services of clouds,
 * and everything else that is not an ordinary public address. Sources: the IANA special-purpose address registries
 * (RFC 6890 and after); 168.63.129.16 is Azure's WireServer, public in form only.
 */
const closed4 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['168.63.129.16', 32],
] as const)
  closed4.addSubnet(network, prefix, 'ipv4')

// Of IPv6 only 2000::/3 is public; inside it, what tunnels IPv4 (6to4, Teredo) or is for documentation is closed too.
const open6 = new BlockList()
open6.addSubnet('2000::', 3, 'ipv6')
const closed6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closed6.addSubnet(network, prefix, 'ipv6')

/** Whether a literal IP address is an ordinary public one. IPv4 inside IPv6 (`::ffff:…`, `64:ff9b::…`) never is. */
export const isPublicAddress = (address: string): boolean => {
  const plain = address.replace(/%.*$/, '')
  if (isIPv6(plain)) return open6.check(plain, 'ipv6') && !closed6.check(plain, 'ipv6')
  return !closed4.check(plain, 'ipv4')
}
