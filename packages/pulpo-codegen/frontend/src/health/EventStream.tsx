import { Input, Select } from "antd";
import { useState } from "react";

import type { EventLevel } from "@/api/selfaware";
import { Section } from "@/app/Section";
import { inWords } from "@/schema/labels";
import { moment, momentInFull } from "@/values/time";

import { duration } from "./numbers";
import { useEvents, type NumberedEvent } from "./useEvents";

const LEVELS: EventLevel[] = ["DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"];
const CHIPS: Record<EventLevel, string> = {
  DEBUG: "plain",
  INFO: "blue",
  WARN: "amber",
  ERROR: "red",
  CRITICAL: "red",
};
const SHOWN = 100;

/** Events as they happen, the newest first. */
export function EventStream({ live }: { live: boolean }) {
  const { events, connected } = useEvents({ live });
  const [least, setLeast] = useState<EventLevel>("INFO");
  const [text, setText] = useState("");
  const fitting = events.filter((event) => fits(event, least, text.trim().toLowerCase()));
  return (
    <Section
      title="Events"
      about={connected ? "As they happen." : live ? "Connecting …" : "Paused."}
      actions={
        <>
          <Select
            aria-label="Least level of events"
            value={least}
            onChange={setLeast}
            options={LEVELS.map((level) => ({ value: level, label: levelWords(level) }))}
            style={{ width: 150 }}
          />
          <Input
            aria-label="Search events"
            placeholder="Search"
            allowClear
            value={text}
            onChange={(event) => setText(event.target.value)}
            style={{ width: 180 }}
          />
        </>
      }
      empty={fitting.length === 0 && (events.length === 0 ? "Nothing has happened yet." : "No event fits.")}
    >
      <div className="scroll events" tabIndex={0} role="region" aria-label="List of events">
        <table className="measures">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Level</th>
              <th scope="col">Event</th>
              <th scope="col">Message</th>
              <th scope="col" className="right">Took</th>
            </tr>
          </thead>
          <tbody>
            {fitting.slice(0, SHOWN).map((event) => (
              <tr key={event.number}>
                <td className="number nowrap" title={momentInFull(event.timestamp)}>
                  {moment(event.timestamp).format("HH:mm:ss")}
                </td>
                <td><span className={`chip chip-${CHIPS[event.level]}`}>{inWords(event.level)}</span></td>
                <td className="nowrap">{inWords(event.event_type)}</td>
                <td className="event-message">{event.message}</td>
                <td className="right number nowrap">{event.duration_ms === null ? "" : duration(event.duration_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

const levelWords = (level: EventLevel) => (level === "CRITICAL" ? "Critical" : `${inWords(level)} and up`);

function fits(event: NumberedEvent, least: EventLevel, text: string): boolean {
  if (LEVELS.indexOf(event.level) < LEVELS.indexOf(least)) return false;
  return text === "" || `${event.event_type} ${event.module} ${event.message}`.toLowerCase().includes(text);
}
