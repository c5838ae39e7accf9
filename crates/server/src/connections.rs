//! The loop that takes connections until the service is told to stop, and lets requests end then.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Extension, Request};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

/// Connections that are served at once; more wait in the system's line.
const MOST: usize = 2_048;
/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// How long requests that run may go on when the service stops.
const DRAIN: Duration = Duration::from_secs(20);

/// From where a request comes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves until `stopping` turns true: then takes no more connections and lets requests end.
///
/// # Errors
/// When the listener fails for good.
pub(crate) async fn serve(
    router: Router,
    listener: TcpListener,
    mut stopping: watch::Receiver<bool>,
    open: Gauge,
) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MOST));
    loop {
        let permit = Arc::clone(&room).acquire_owned();
        let accepted = async {
            let permit = permit.await.expect("nobody closes the room");
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            accepted = accepted => accepted,
            _ = stopping.wait_for(|stop| *stop) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_passing(&error) => {
                // Out of file descriptors, or the client left: the next one may fare better.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
            Err(error) => return Err(error),
        };
        // A slow small answer helps nobody.
        stream.set_nodelay(true).unwrap_or_default();
        let service = router.clone().layer(Extension(ConnectInfo(Peer(peer))));
        let service = service.map_request(|request: Request<_>| request.map(axum::body::Body::new));
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 * 1024);
        let connection =
            builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        let open = open.clone();
        open.inc();
        tokio::spawn(async move {
            // A client that breaks off is no fault of ours.
            connection.await.unwrap_or_default();
            open.dec();
            drop(permit);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(DRAIN) => tracing::warn!("requests were cut off"),
    }
    Ok(())
}

fn is_passing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported)
}
