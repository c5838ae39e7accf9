//! A project's work delivered under its agreement, inspected by the customer's people in the
//! workspace, and reworked. Serves anno-3.5, anno-3.6 and anno-4.1.1. The customer accepts or
//! rejects by `/actions`, as any delivery.

use desk::labelling::{Deliver, DeliveredView, Done, InspectionView, ReworkView, ReworkWanted};

use super::session::{NOTHING, Nothing};
use crate::auth::{At, Gate, Operation};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::route::{Class, Route};

type Project = Path<(String, String)>;

pub(crate) fn routes() -> Vec<Route> {
    let inspect = Gate::At(Operation::Inspect);
    vec![
        Route::post("/agreements/{id}/projects/{project}/deliver", "deliver_project", deliver)
            .about("Hands the accepted items over as the next round of a delivery")
            .gate(Gate::At(Operation::Deliver))
            .class(Class::Upload)
            .takes::<Deliver>()
            .makes::<DeliveredView>(),
        Route::get("/agreements/{id}/projects/{project}/inspection", "get_inspection", get)
            .about("How the delivery stands: seeds, sample, what is decided, result, deadline")
            .gate(Gate::At(Operation::ReadWork))
            .gives::<InspectionView>(),
        Route::post("/agreements/{id}/projects/{project}/inspection/draw", "draw_inspection", draw)
            .about("Draws the sample that both seeds give; its items go to the inspectors")
            .gate(inspect)
            .class(Class::Upload)
            .gives::<InspectionView>(),
        Route::post(
            "/agreements/{id}/projects/{project}/items/{seq}/inspect",
            "inspect_item",
            inspected,
        )
        .about("Says that a drawn item is decided, or not yet")
        .gate(inspect)
        .takes::<Done>()
        .nothing(),
        Route::post(
            "/agreements/{id}/projects/{project}/inspection/decide",
            "decide_inspection",
            decide,
        )
        .about("Applies the signed rule to what the inspectors decided; records the result")
        .gate(inspect)
        .class(Class::Upload)
        .gives::<InspectionView>(),
        Route::post("/agreements/{id}/projects/{project}/rework", "rework_project", rework)
            .about("Opens items of a rejected round again, beside those that failed")
            .gate(Gate::At(Operation::ManageWork))
            .takes::<ReworkWanted>()
            .gives::<ReworkView>(),
    ]
}

async fn deliver(
    at: At,
    Path((_, project)): Project,
    Json(wanted): Json<Deliver>,
) -> Result<Json<DeliveredView>, Problem> {
    let folder = at.app.vault.scratch("folder").await?;
    let (people, path) = (at.people(), folder.path());
    Ok(Json(people.deliver_project(&at.caller, &at.entry, &project, &wanted, path).await?))
}

async fn get(at: At, Path((_, project)): Project) -> Result<Json<InspectionView>, Problem> {
    let book = at.book().await?;
    Ok(Json(at.people().inspection(&at.entry, &project, &book.state).await?))
}

/// The inspection in the answer to a write.
async fn shown(at: &At, project: &str) -> Result<Json<InspectionView>, Problem> {
    let people = at.people();
    let entry = people.enter(&at.caller, &at.id, Operation::ReadWork).await?;
    let book = at.book().await?;
    Ok(Json(people.inspection(&entry, project, &book.state).await?))
}

async fn draw(at: At, Path((_, project)): Project) -> Result<Json<InspectionView>, Problem> {
    let folder = at.app.vault.scratch("folder").await?;
    at.people().draw_inspection(&at.caller, &at.entry, &project, folder.path()).await?;
    shown(&at, &project).await
}

async fn inspected(
    at: At,
    Path((_, project, seq)): Path<(String, String, u64)>,
    Json(done): Json<Done>,
) -> Nothing {
    at.people().inspect_item(at.item(&project, seq), done).await?;
    NOTHING
}

async fn decide(at: At, Path((_, project)): Project) -> Result<Json<InspectionView>, Problem> {
    let folder = at.app.vault.scratch("folder").await?;
    at.people().decide_inspection(&at.caller, &at.entry, &project, folder.path()).await?;
    shown(&at, &project).await
}

async fn rework(
    at: At,
    Path((_, project)): Project,
    Json(wanted): Json<ReworkWanted>,
) -> Result<Json<ReworkView>, Problem> {
    let people = at.people();
    Ok(Json(people.rework_project(&at.caller, &at.entry, &project, &wanted).await?))
}
