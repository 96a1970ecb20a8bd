"""document.served: how a document reached somebody (送达) is kept with it."""

from cases.case import Service
from cases.decision import Decision, DocumentChange, Standing, Surroundings, data_of
from cases.selecting import select
from schemas.codes import Problem
from schemas.errors import Invalid
from schemas.events import DocumentServed, Event


def record_service(standing: Standing, event: Event, _surroundings: Surroundings) -> Decision:
    """The service is recorded on the document; nothing else changes.

    Nothing is refused for its date: paper may be served, and told of, before or after what our
    own register says. Raises Invalid: those of ``select``; ``service_repeated``.
    """
    data = data_of(event, DocumentServed)
    document = select(data.document, standing.documents)
    service = _service(data)
    if service in document.services:
        raise Invalid([Problem.of("/data", "service_repeated", number=document.number)])
    return Decision(
        case=standing.opened,
        changes=(DocumentChange(document_id=document.document_id, service=service),),
    )


def _service(data: DocumentServed) -> Service:
    return Service(
        served_at=data.served_at,
        place=data.place,
        method=data.method.value,
        received_by=data.received_by,
        relation=data.relation,
        servers=data.servers or (),
        witnesses=data.witnesses or (),
    )
