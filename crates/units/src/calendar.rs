//! Working days.
pub struct Calendar;
pub enum DayKind {
    Working,
}
pub struct WorkingDay;
