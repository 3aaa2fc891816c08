import { connectTo, type Echoes, grpcJsTo, type ProtocolName, protocolNames } from '#bench/apiClients.ts'
import { callFor, middle, type Timing } from '#bench/apiMeasure.ts'
import { type ApiRow, atLeast } from '#bench/apiReport.ts'
import { addInputs, makeApp, succeeded } from '#bench/apiSetup.ts'
import { postOf } from '#bench/apiWorkload.ts'

const BOXES = 128
const IN_FLIGHT = 4
const APP = 'bench-posts'

type Call = (n: number) => Promise<unknown>

/** PostAnnotations of 128 boxes over each protocol, durable, beside the echoes of the same messages. */
export const measurePosts = async (
  url: string,
  key: string,
  echoes: Echoes,
  { ms, repetitions }: { ms: number; repetitions: number },
): Promise<ApiRow[]> => {
  const owner = connectTo(url, key)
  await makeApp(owner, APP)
  const inputs = await addInputs(owner, APP, 100)
  const requests = inputs.map((input, seed) => postOf(APP, input, BOXES, seed))
  const request = (n: number) => requests[n % requests.length]!
  const grpcJs = grpcJsTo(echoes.grpcPort)
  const cases = new Map<string, Call>([['grpc-js', (n) => grpcJs.post(request(n))]])
  for (const protocol of protocolNames) {
    const ours = connectTo(url, key, protocol)
    const echo = connectTo(echoes.url, 'ana-key', protocol)
    cases.set(`stored ${protocol}`, async (n) => succeeded(await ours.postAnnotations(request(n))))
    cases.set(`echo ${protocol}`, (n) => echo.postAnnotations(request(n)))
  }
  const timings = await interleaved(cases, ms, repetitions)
  grpcJs.close()
  return rowsOf(timings)
}

/** All cases in turn, again and again, so that whatever else the machine does falls on all of them alike. */
const interleaved = async (cases: ReadonlyMap<string, Call>, ms: number, repetitions: number) => {
  const all = new Map<string, Timing[]>()
  for (const call of cases.values()) await callFor(ms / 4, IN_FLIGHT, call) // warm
  for (let repetition = 0; repetition < repetitions; repetition++)
    for (const [name, call] of cases) all.set(name, [...(all.get(name) ?? []), await callFor(ms, IN_FLIGHT, call)])
  return new Map([...all].map(([name, timings]) => [name, middle(timings)]))
}

const rowsOf = (timings: ReadonlyMap<string, Timing>): ApiRow[] => {
  const of = (name: string) => timings.get(name)!
  const stored = (protocol: ProtocolName): ApiRow => {
    const [mine, echo] = [of(`stored ${protocol}`), of(`echo ${protocol}`)]
    const ratio = atLeast('echo', mine.perSecond / echo.perSecond, 0.5)
    return { what: `PostAnnotations, 128 boxes, durable, ${protocol}`, timing: mine, ratio }
  }
  const beside = of('stored gRPC').perSecond / of('grpc-js').perSecond
  return [
    ...protocolNames.flatMap((protocol) => [
      stored(protocol),
      { what: `  echo of the same through our edge, ${protocol}`, timing: of(`echo ${protocol}`) },
    ]),
    {
      what: '  echo of the same through grpc-js',
      timing: of('grpc-js'),
      ratio: { to: 'stored over gRPC', is: 1 / beside },
    },
  ]
}
