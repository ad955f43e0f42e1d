import dayjs, { type Dayjs } from 'dayjs'

/** A minute of the day as a time picker shows it; on a day of its own, because on some the reader's clocks leave an hour out. */
export function timeOfDay(minute: number): Dayjs {
  return dayjs('2000-01-01').add(minute, 'minute')
}

/** The minute of the day that a time picker shows. */
export function minuteOfDay(time: Dayjs): number {
  return time.hour() * 60 + time.minute()
}
