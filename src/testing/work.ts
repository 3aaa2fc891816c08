/**
 * The processor time that `act` takes, ms: unlike the time on the clock it leaves out what else the machine does
 * meanwhile, other tests among it.
 */
export function workOf(act: () => void): number {
  const before = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
