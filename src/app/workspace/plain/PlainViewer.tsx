import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { Input } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { inputQuery } from '#sync/queries.ts'
import type { InputScope } from '#sync/scope.ts'
import { ErrorState } from '#ui/ErrorState.tsx'
import classes from './PlainViewer.module.css'
import { plainFacts } from './plainFacts.ts'

/**
 * Shows what is not an image; concepts of the whole input are set beside it (decisions §24).
 * @param url where its bytes are on this server
 */
export function PlainViewer({ scope, name, url }: { scope: InputScope; name: string; url: string }) {
  const { clients } = useApp()
  const { data, error, refetch } = useQuery(inputQuery(clients, scope))
  if (error)
    return (
      <ErrorState title="The input could not be opened" message={messageOf(error)} onRetry={() => void refetch()} />
    )
  if (!data) return <div className={classes.viewer} />
  return (
    <div className={classes.viewer}>
      <Content input={data} name={name} url={url} />
      <p className={classes.facts}>{plainFacts(data).join(' · ')}</p>
    </div>
  )
}

function Content({ input, name, url }: { input: Input; name: string; url: string }) {
  const { video, audio, text } = input.data ?? {}
  if (video && url) return <Recording key={url} Kind="video" url={url} name={name} />
  if (audio && url) return <Recording key={url} Kind="audio" url={url} name={name} />
  if (text?.raw) return <pre className={classes.text}>{text.raw}</pre>
  if (text && url) return <TextFrom url={url} />
  return (
    <p className={classes.none}>
      This input has no content that can be shown here. Concepts of the whole input can still be set.
    </p>
  )
}

/** Some formats a browser cannot play: they are offered as they are. */
function Recording({ Kind, url, name }: { Kind: 'video' | 'audio'; url: string; name: string }) {
  const [failed, setFailed] = useState(false)
  if (!failed)
    return (
      <Kind
        controls
        preload="metadata"
        src={url}
        className={classes[Kind]}
        aria-label={name}
        onError={() => setFailed(true)}
      />
    )
  return (
    <p className={classes.none}>
      This browser cannot play this {Kind}. Concepts of the whole input can still be set.{' '}
      <a href={url} download={name}>
        Download it
      </a>
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
