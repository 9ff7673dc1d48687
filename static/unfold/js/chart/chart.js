// In place of django-unfold's Chart.js, which each of its pages would load: the console draws no chart.
