"""What OfficePro is, as data. Every capability is spoken of; what its API lacks is said in words."""

from app.model.capabilities import Capability, CapabilityOffer, Standing
from vendors.contract.manifest import AddressField, FormField, Furthermore, Limits, Manifest

_OFFERED = {
    Capability.READ_PROVIDERS: "All active providers, and each by id.",
    Capability.READ_VISIT_TYPES: "Visit types with their providers and resources.",
    Capability.FIND_OPEN_SLOTS: "Free times of a day, the next free time, and a live check of one time.",
    Capability.BOOK_VISIT: "Books with OfficePro's own checks of provider and room. Cannot be undone from here.",
    Capability.SEARCH_PATIENTS: "Searches prospects, which are patients and leads in one list.",
    Capability.CREATE_PATIENT: "Creates a prospect.",
    Capability.UPDATE_PATIENT: "Changes the fields of a prospect.",
}

_PARTLY = {
    Capability.READ_SCHEDULE: "Shows times, lengths and types of visits, but no patient and no status.",
}

_NOT_OFFERED = {
    Capability.MOVE_VISIT: "OfficePro lets no other program move a visit. Move it in OfficePro itself.",
    Capability.CANCEL_VISIT: "OfficePro lets no other program cancel a visit. Cancel it in OfficePro itself.",
    Capability.CHANGE_VISIT_STATUS: "OfficePro tells other programs no visit status, so arrivals are not sent there.",
    Capability.READ_COVERAGE: "OfficePro shows other programs no insurance.",
    Capability.CHECK_ELIGIBILITY: "OfficePro does not check eligibility for other programs.",
    Capability.SUBMIT_CLAIMS: "OfficePro takes no claims from other programs.",
    Capability.READ_CLAIM_STATUS: "OfficePro shows other programs no claims.",
    Capability.READ_REPORTS: "OfficePro has no clearinghouse reports for other programs.",
    Capability.READ_REMITTANCES: "OfficePro has no remittances for other programs.",
    Capability.POST_PAYMENTS: "OfficePro takes no payments from other programs.",
    Capability.READ_ENROLLMENTS: "OfficePro shows other programs no enrollments.",
    Capability.CHANGE_NOTICES: "OfficePro's webhooks are not used yet, so Daybook asks at intervals.",
}


def _offers() -> tuple[CapabilityOffer, ...]:
    rows = ((Standing.YES, _OFFERED), (Standing.PARTLY, _PARTLY), (Standing.NOT_OFFERED, _NOT_OFFERED))
    spoken = {
        capability: CapabilityOffer(capability=capability, standing=standing, words=words)
        for standing, table in rows
        for capability, words in table.items()
    }
    return tuple(spoken[capability] for capability in Capability)


MANIFEST = Manifest(
    name="officepro",
    title="OfficePro",
    source="OP",
    addresses=(
        AddressField(
            name="api",
            label="Address of the API",
            help="As OfficePro gave it to the practice, without /v1.",
        ),
    ),
    tenant_label="Practice pass",
    tenant_help="The practice's name in every address of the API; “DemoOffice” in OfficePro's examples.",
    sign_in=(
        FormField(
            name="api_key",
            label="API key",
            secret=True,
            help="OfficePro issues it with the scopes Providers, Scheduling and Prospects.",
        ),
    ),
    offers=_offers(),
    limits=Limits(
        requests=600,
        window_s=60.0,
        words="600 a minute (our own restraint; OfficePro names no limit)",
        parallel=4,
        poll_floor_s=30.0,
        page_size=100,
        window_days=31,
    ),
    words={"patient": "prospect", "lead": "prospect", "tenant": "practice pass", "room": "resource"},
    further=(
        Furthermore(name="Products", words="The catalogue of products."),
        Furthermore(name="Knowledge base", words="Articles for patients and staff."),
        Furthermore(name="Webhooks", words="Notices of changes, with a monitor of their delivery."),
        Furthermore(name="Tickets", words="Support tickets."),
        Furthermore(name="Partner profile", words="The integrator's own profile."),
        Furthermore(name="Usage dashboard", words="How much of the API the practice uses."),
        Furthermore(name="Tags", words="Marks on records, named in the introduction only."),
    ),
)
