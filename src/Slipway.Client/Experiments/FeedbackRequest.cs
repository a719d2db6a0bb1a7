namespace Slipway.Client.Experiments;

/// <summary>What became known later about answered requests.</summary>
/// <param name="Items">Reports, 10,000 at most.</param>
public sealed record FeedbackRequest(IReadOnlyList<FeedbackItem>? Items);

/// <summary>One report. Either the entity or the request is named.</summary>
/// <param name="Endpoint">Name of the endpoint that answered.</param>
/// <param name="Metric">What is reported.</param>
/// <param name="Value">How much.</param>
public sealed record FeedbackItem(string? Endpoint, string? Metric, double? Value)
{
    /// <summary>Key of the entity, as the endpoint's sticky assignment saw it.</summary>
    public string? Entity { get; init; }

    /// <summary>The id that the request had, or that its answer gave it (<c>Slipway-Request-Id</c>).</summary>
    public string? RequestId { get; init; }

    /// <summary>When it happened; null: now.</summary>
    public DateTimeOffset? Time { get; init; }
}

/// <summary>What became of reports.</summary>
/// <param name="Taken">Reports that somebody used.</param>
/// <param name="Ignored">Reports about something that is not known, or too late.</param>
public sealed record FeedbackAnswer(int Taken, int Ignored)
{
    /// <summary>Reports among the ignored ones that somebody was meant by and could not use; null: none.</summary>
    public IReadOnlyList<FeedbackProblem>? Problems { get; init; }
}

/// <summary>A report that could not be used.</summary>
/// <param name="Item">Its position in the request, from 0.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record FeedbackProblem(int Item, string Message);
