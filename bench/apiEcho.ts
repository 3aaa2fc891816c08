import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import * as grpc from '@grpc/grpc-js'
import { echoOf } from '#bench/apiWorkload.ts'
import {
  MultiAnnotationResponseSchema,
  type PostAnnotationsRequest,
  PostAnnotationsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { startTestGateway } from '#proxy/gateway/testing.ts'

// Run as a process of its own: two servers that answer PostAnnotations with what was sent and ListAnnotations with what
// was last posted, stored nowhere. One is ours without its service, the other grpc-js. Prints their addresses as JSON.

let kept = create(MultiAnnotationResponseSchema)
const keep = ({ annotations }: PostAnnotationsRequest) => {
  kept = echoOf(annotations)
  return kept
}

const ours = await startTestGateway({
  limits: { callsPerSecond: 0 },
  methods: {
    postAnnotations: async (request: PostAnnotationsRequest) => keep(request),
    listAnnotations: async () => kept,
  },
})

const server = new grpc.Server({ 'grpc.max_receive_message_length': -1 })
const path = '/clarifai.api.V2/PostAnnotations'
const PostAnnotations = {
  path,
  requestStream: false,
  responseStream: false,
  requestDeserialize: (bytes: Buffer) => fromBinary(PostAnnotationsRequestSchema, bytes),
  requestSerialize: (message: PostAnnotationsRequest) => Buffer.from(toBinary(PostAnnotationsRequestSchema, message)),
  responseSerialize: (message: ReturnType<typeof echoOf>) =>
    Buffer.from(toBinary(MultiAnnotationResponseSchema, message)),
  responseDeserialize: (bytes: Buffer) => fromBinary(MultiAnnotationResponseSchema, bytes),
} satisfies grpc.MethodDefinition<PostAnnotationsRequest, ReturnType<typeof echoOf>>
const handle: grpc.handleUnaryCall<PostAnnotationsRequest, ReturnType<typeof echoOf>> = ({ request }, done) =>
  done(null, echoOf(request.annotations))
server.addService({ PostAnnotations }, { PostAnnotations: handle as grpc.UntypedHandleCall })
const grpcPort = await new Promise<number>((resolve, reject) =>
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) =>
    error ? reject(error) : resolve(port),
  ),
)
console.log(JSON.stringify({ url: ours.url, grpcPort }))
process.on('disconnect', () => process.exit(0)) // with the bench that started it
