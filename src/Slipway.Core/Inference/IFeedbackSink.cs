namespace Slipway.Core;

/// <summary>Somebody who uses <see cref="Feedback"/>: experiments, bandits, monitors. All registered ones are offered every report. Thread-safe.</summary>
public interface IFeedbackSink
{
    /// <summary>Takes a report; false when it is about something that this one doesn't know, or came too late. Doesn't throw for that.</summary>
    bool Take(Feedback feedback);

    /// <summary>
    /// Takes a report as <see cref="Take(Feedback)"/> does. A report that is about something of this one's own and yet can't be used gets a reason, which is told to whoever sent it.
    /// A report that comes again is taken again and counted once, so that whoever is not sure that one arrived may send it anew.
    /// </summary>
    /// <param name="feedback">The report.</param>
    /// <param name="problem">What is wrong with it, for people; null when it was taken, or is none of this one's business.</param>
    bool Take(Feedback feedback, out string? problem)
    {
        problem = null;
        return Take(feedback);
    }
}
