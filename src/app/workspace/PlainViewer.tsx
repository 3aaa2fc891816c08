import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { Input } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { inputQuery } from '#sync/queries.ts'
import type { InputScope } from '#sync/scope.ts'
import { ErrorState } from '#ui/ErrorState.tsx'
import classes from './PlainViewer.module.css'

/** Shows what is not an image; concepts of the whole input are set beside it (decisions §24). */
export function PlainViewer({ scope, name }: { scope: InputScope; name: string }) {
  const { clients } = useApp()
  const { data, error, refetch } = useQuery(inputQuery(clients, scope))
  if (error)
    return (
      <ErrorState title="The input could not be opened" message={messageOf(error)} onRetry={() => void refetch()} />
    )
  return <div className={classes.viewer}>{data && <Content input={data} name={name} />}</div>
}

function Content({ input, name }: { input: Input; name: string }) {
  const { video, audio, text } = input.data ?? {}
  if (video?.url) {
    // biome-ignore lint/a11y/useMediaCaption: what people upload has no captions
    return <video controls src={video.url} className={classes.video} aria-label={name} />
  }
  if (audio?.url) {
    // biome-ignore lint/a11y/useMediaCaption: what people upload has no captions
    return <audio controls src={audio.url} className={classes.audio} aria-label={name} />
  }
  if (text?.raw) return <pre className={classes.text}>{text.raw}</pre>
  if (text?.url) return <TextFrom url={text.url} />
  return (
    <p className={classes.none}>
      This input has no content that can be shown here. Concepts of the whole input can still be set.
    </p>
  )
}

function TextFrom({ url }: { url: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['text', url],
    queryFn: async ({ signal }) => {
      const response = await fetch(url, { signal, credentials: 'same-origin' })
      if (!response.ok) throw new Error(`The server does not give out the text (HTTP ${response.status}).`)
      return response.text()
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error)
    return <ErrorState title="The text could not be loaded" message={messageOf(error)} onRetry={() => void refetch()} />
  return <pre className={classes.text}>{data}</pre>
}
