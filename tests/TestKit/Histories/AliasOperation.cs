namespace Slipway.TestKit.Histories;

/// <summary>Something that a client did to one alias, and what it learned. Versions are numbers from 1; 0 stands for "no such alias".</summary>
/// <param name="Alias">Name of the alias.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Expected">For a move: what the client said it points at; null: whatever.</param>
/// <param name="Target">For a move: where to.</param>
/// <param name="Began">When the client began, on a clock that all clients share.</param>
/// <param name="Ended">When it had the answer; null when it got none: then the operation may have happened at any time since, or never.</param>
/// <param name="Refused">For a move that was answered: whether it was refused since the alias points elsewhere than expected.</param>
/// <param name="Seen">What the answer says the alias pointed at: what a read found, what a move or removal found before it. Null where the answer doesn't say.</param>
/// <param name="Found">For a removal that was answered: whether there was anything to remove. Null where the answer doesn't say.</param>
public sealed record AliasOperation(
    string Alias, AliasAction Kind, long? Expected, long Target, long Began, long? Ended, bool Refused = false, long? Seen = null, bool? Found = null)
{
    /// <summary>Whether the operation could happen to an alias that points at <paramref name="state"/> and be answered as it was, and where the alias points then.</summary>
    public bool CanFollow(long state, out long after)
    {
        bool met = Expected is null || Expected == state;
        after = Kind switch
        {
            AliasAction.Move when met => Target,
            AliasAction.Remove => 0,
            _ => state,
        };
        return Ended is null || ((Kind != AliasAction.Move || Refused != met) && (Seen is null || Seen == state) && (Found is null || Found == (state != 0)));
    }

    /// <summary>Whether the answer leaves no doubt about the effect: in whatever state the operation fits, it does the same to it.</summary>
    public bool HasOneEffect => Kind == AliasAction.Read || Refused || Seen is not null || Found is false;
}

/// <summary>What is done to an alias.</summary>
public enum AliasAction
{
    /// <summary>Asks where it points.</summary>
    Read,

    /// <summary>Points it elsewhere, if it points where the client believes.</summary>
    Move,

    /// <summary>Removes it.</summary>
    Remove,
}
