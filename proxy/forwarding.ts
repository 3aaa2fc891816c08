import { create, type DescService } from '@bufbuild/protobuf'
import { Account, Studio } from '#gen/marquee/v1/marquee_pb.ts'
import { Office } from '#gen/marquee/v1/office_pb.ts'
import { Team } from '#gen/marquee/v1/team_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import type { Authenticate } from '#proxy/gateway/auth.ts'
import type { AnyMethod, ServiceEntry } from '#proxy/gateway/dispatch.ts'
import { connectUpstream } from '#proxy/gateway/forward.ts'
import type { OpenMedia } from '#proxy/gateway/media.ts'
import { openAccountMethods } from '#proxy/service/api.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { Upstream } from '#proxy/service/upstream/upstream.ts'
import { upstreamAccountMethods } from '#proxy/service/upstream/upstreamAccount.ts'
import { openUpstreamMedia } from '#proxy/service/upstream/upstreamMedia.ts'
import { upstreamPictureMethods } from '#proxy/service/upstream/upstreamPictures.ts'
import { authenticateUpstream } from '#proxy/service/upstream/upstreamSession.ts'
import { upstreamStudioMethods } from '#proxy/service/upstream/upstreamStudio.ts'
import { upstreamTeamMethods } from '#proxy/service/upstream/upstreamTeam.ts'

/** What the gateway is made of; embedded or forwarding. */
export interface Parts {
  readonly services: readonly ServiceEntry[]
  readonly authenticate: Authenticate
  readonly openMedia: OpenMedia
  close(): void
}

/** Largest answer taken from an upstream: a page of 1,000 annotations with masks. */
const answerBytes = 512 * 2 ** 20

/**
 * A server in front of another: the API goes there as it comes; accounts are sessions that stand for a token there, and
 * of our own service there is what can be had from the API, the rest being asked of the upstream, too.
 */
export const forwardingParts = (url: string, mediaHosts: readonly string[], deps: Deps): Parts => {
  const connection = connectUpstream({ url, answerBytes })
  const upstream: Upstream = {
    url,
    mediaHosts,
    lacks: (method, own) => connection.lacks(method, own),
    call: async (method, request, own) => (await connection.call(method, create(method.input, request), own)) as never,
  }
  const methods = (of: object) => of as unknown as Record<string, AnyMethod>
  const pictures = (service: DescService) => methods(upstreamPictureMethods(service, upstream))
  return {
    services: [
      { service: V2, methods: {}, failures: 'body', forward: connection },
      {
        service: Account,
        methods: methods(upstreamAccountMethods(upstream)),
        failures: 'connect',
        open: openAccountMethods,
      },
      { service: Studio, methods: methods(upstreamStudioMethods(upstream)), failures: 'connect', forward: connection },
      { service: Office, methods: pictures(Office), failures: 'connect', forward: connection },
      {
        service: Team,
        methods: { ...pictures(Team), ...methods(upstreamTeamMethods(upstream)) },
        failures: 'connect',
        forward: connection,
      },
    ],
    authenticate: (credential) => authenticateUpstream(url, credential, deps),
    openMedia: (path, query, caller) => openUpstreamMedia(path, query, caller, upstream, deps),
    close: () => connection.close(),
  }
}
