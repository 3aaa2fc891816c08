import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import type { Departure } from '#gen/marquee/v1/office_pb.ts'
import { departuresQuery } from '#sync/people.ts'
import classes from './AppsPage.module.css'

/** Apps one was in until lately: what happened, and whom to ask. */
export function Departures() {
  const { clients, person } = useApp()
  const { data = [] } = useQuery(departuresQuery(clients))
  if (data.length === 0) return null
  return (
    <section className={classes.group} aria-label="No longer shared with me">
      <h2 className={classes.groupTitle}>No longer shared with me</h2>
      <ul className={classes.list}>
        {data.map((one) => (
          <li key={`${one.userId}/${one.appId}`} className={classes.gone}>
            <span className={classes.name}>{one.appName || one.appId}</span>
            <span>{departureWords(one, person.id)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const who = (name: string, id: string): string => (name ? `${name} (${id})` : id)

/** What happened, in one sentence. @param me who reads it */
export function leftWords({ removedBy, removerName, at }: Departure, me: string): string {
  const day = new Date(Number(at?.seconds ?? 0n) * 1000).toLocaleDateString('en', { dateStyle: 'long' })
  if (removedBy === me) return `You left this app on ${day}.`
  if (removedBy === '') return `You are no longer in this app since ${day}.`
  return `${who(removerName, removedBy)} removed you from this app on ${day}.`
}

/** What happened and what to do. @param me who reads it */
export function departureWords(departure: Departure, me: string): string {
  const owner = who(departure.ownerName, departure.userId)
  return `${leftWords(departure, me)} What you labelled and submitted stays in it under your name. To come back, ask ${owner}: within 30 days you get your open work again.`
}
