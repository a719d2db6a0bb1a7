namespace Slipway.Core;

/// <summary>Somebody who uses <see cref="Feedback"/>: experiments, bandits, monitors. All registered ones are offered every report. Thread-safe.</summary>
public interface IFeedbackSink
{
    /// <summary>Takes a report; false when it is about something that this one doesn't know, or came too late. Doesn't throw for that.</summary>
    bool Take(Feedback feedback);
}
