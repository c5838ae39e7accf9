//! What is done beside the answers: forgetting what is over, and counting for the figures.

use std::time::Duration;

use contract::obligation::ObligationStatus;

use crate::app::App;

/// How often files are looked at that belong to nothing any more.
const SWEEPS: Duration = Duration::from_secs(3_600);
/// How often.
const EVERY: Duration = Duration::from_secs(60);

/// How often jobs are looked at.
const JOBS: Duration = Duration::from_secs(1);

/// Brings trainings and evaluations on until the service stops.
pub(crate) async fn jobs(app: App) {
    let mut stopping = app.stopping();
    let mut ticks = tokio::time::interval(JOBS);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = app.vault.tick_jobs(&app.trainer).await {
            tracing::warn!(%error, "jobs could not be looked at");
        }
    }
}

/// Works until the service stops.
pub(crate) async fn run(app: App) {
    let mut stopping = app.stopping();
    let mut ticks = tokio::time::interval(EVERY);
    let mut hours = tokio::time::interval(SWEEPS);
    hours.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let hourly = tokio::select! {
            _ = ticks.tick() => false,
            _ = hours.tick() => true,
            _ = stopping.wait_for(|stop| *stop) => return,
        };
        if hourly {
            if let Err(error) = app.vault.sweep_files().await {
                tracing::warn!(%error, "what is left over was not removed");
            }
            continue;
        }
        app.limits.forget();
        let uploads = app.vault.uploads().clone();
        // A sweep that failed is made again.
        let _swept = tokio::task::spawn_blocking(move || uploads.sweep()).await;
        if let Err(error) = app.vault.people().sweep().await {
            tracing::warn!(%error, "what is over was not forgotten");
        }
        if let Err(error) = count(&app).await {
            tracing::warn!(%error, "the figures could not be counted");
        }
        match app.services.hooks.lag().await {
            Ok(lag) => drop(app.metrics.outbox_lag.set(lag)),
            Err(error) => tracing::warn!(%error, "the outbox could not be looked at"),
        }
    }
}

/// Counts what the contracts say.
async fn count(app: &App) -> Result<(), desk::people::Fault> {
    let now = app.vault.now();
    let (mut breached, mut entries, mut next) = (0_i64, 0_u64, None::<i64>);
    app.vault
        .every_book(|book| {
            entries += book.state.next_seq;
            for view in contract::position(&book.state, now).obligations {
                match view.status {
                    ObligationStatus::Breached => breached += 1,
                    ObligationStatus::Pending => {
                        let due = view.due.micros() / 1_000_000;
                        next = Some(next.map_or(due, |next| next.min(due)));
                    }
                    _ => {}
                }
            }
        })
        .await?;
    let totals = app.vault.people().all_totals().await?;
    app.metrics.outbox.set(i64::try_from(totals.outbox_pending).unwrap_or(i64::MAX));
    app.metrics.outbox_dead.set(i64::try_from(totals.outbox_dead).unwrap_or(i64::MAX));
    app.metrics.sessions.set(i64::try_from(totals.sessions).unwrap_or(i64::MAX));
    app.metrics.breached.set(breached);
    app.metrics.entries.set(entries);
    app.metrics.next_deadline.set(next.unwrap_or(0));
    Ok(())
}
